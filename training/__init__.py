"""Making the embedding model that ships with the project. Not needed to run the bot."""
