"""What dates and duties of a school depend on, said by chat: asked one by one or stated in a line, stored once
confirmed."""
