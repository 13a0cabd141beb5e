### Privacy
