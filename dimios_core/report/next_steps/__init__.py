"""What an organisation may do next: what is weak, what helps, what is planned; three priorities, three questions, decisions."""
