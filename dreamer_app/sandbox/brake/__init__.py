"""The brake's rungs as whoever pulls it sees them; standard library only, so that a small program may hold one."""
