"""Story lists at constant cost: pages, month counts, the site version and the triggers behind them."""
