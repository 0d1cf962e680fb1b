Feature: Nothing

  Words for people.
