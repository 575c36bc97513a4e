"""What looking at mail servers tells: findings, candidates, discovery, radar, and reminders of a temporary measure."""
