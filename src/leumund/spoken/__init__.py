"""What people write of days, numbers, hours and goals, in German and English, as values; doubtful words are refused."""
