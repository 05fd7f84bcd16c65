window.YTD.follower.part0 = [
  {
    "follower": {
      "accountId": "800001",
      "userLink": "https://twitter.com/intent/user?user_id=800001"
    }
  },
  {
    "follower": {
      "accountId": "800010"
    }
  },
  {
    "follower": {
      "accountId": "niemand"
    }
  }
]
