"""Files that the portal makes: data in, bytes out."""
