"""Single sign-on by OpenID Connect: who the provider vouches for comes in, as what its claims say (decision 0011)."""
