window.YTD.account.part0 = [
  {
    "account": {
      "username": "alt_modisch",
      "accountId": "42",
      "createdAt": "2008-02-01T10:00:00.000Z",
      "accountDisplayName": "Alt &amp; Modisch"
    }
  }
]
