"""App dreams: whole terminal applications, invented from documented features and proved through their pilot."""
