"""What happens in a week: work on a world and the notes of the week that nobody decides on."""
