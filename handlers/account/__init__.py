"""Who somebody is to us: joining a school, linking accounts, members, and what is stored of a person."""
