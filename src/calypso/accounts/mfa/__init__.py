"""Multi-factor authentication: authenticator applications, passkeys, recovery codes, one-time challenges."""
