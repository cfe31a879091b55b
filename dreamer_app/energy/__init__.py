"""What the computer has to spare, and what follows from it: sensors, EnergyManager, and the policy of dreaming."""
