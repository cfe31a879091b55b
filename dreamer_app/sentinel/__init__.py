"""The small program that brakes: sees a person come back and stops the dreams, whatever the application is doing."""
