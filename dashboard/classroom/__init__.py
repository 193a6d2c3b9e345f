"""The pages of a class: what a team, the trainer and the big screen see in a browser."""
