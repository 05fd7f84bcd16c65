window.YTD.account.part0 = [
  {
    "account": {
      "phoneNumber": "+490000000",
      "email": "clara@werkstatt.example",
      "createdVia": "web",
      "username": "Clara_Koerner",
      "accountId": "900001",
      "createdAt": "2010-11-15T13:18:50.000Z",
      "accountDisplayName": "Clara Körner"
    }
  }
]
