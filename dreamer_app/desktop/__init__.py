"""What a desktop offers beside windows: notifications, start at login, a small memory. No Qt."""
