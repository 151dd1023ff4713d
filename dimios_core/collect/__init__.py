"""The form that the invited answer, and what keeps their answers: a process and a user of its own, which knows no name.

It is handed a bundle (`bundle`), a folder that holds what a form says and, of the invited, what their answers are weighed and told
apart by. Names, addresses and links never come here; what leaves is one sealed file.
"""
