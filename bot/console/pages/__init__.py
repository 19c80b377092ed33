"""The console's pages: one class each, collected in `bot.console.console.PAGES`."""
