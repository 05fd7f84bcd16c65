window.YTD.profile.part0 = [
  {
    "profile": {
      "description": {
        "bio": "Beratung für kleine Betriebe",
        "website": "https://t.co/abc",
        "location": "Lindenau"
      },
      "avatarMediaUrl": "https://pbs.twimg.example/a.jpg"
    }
  }
]
