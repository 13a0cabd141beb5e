### Desk
