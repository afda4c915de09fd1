"""What patients ask of their moles: a first opinion by written rules, and the doctor's advice."""
