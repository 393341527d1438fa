"""An application with an object that changes itself."""


class Shop:
    colour = "blue"

    def paint(self, colour):
        self.colour = colour


shop = Shop()
