window.YTD.protected_history.part0 = [
  {
    "protectedHistory": {
      "protectedAt": "2012-01-01T00:00:00.000Z",
      "action": "Protect"
    }
  },
  {
    "protectedHistory": {
      "protectedAt": "2013-01-01T00:00:00.000Z",
      "action": "Unprotect"
    }
  }
]
