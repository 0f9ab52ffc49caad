package io.heartbeat4j.heartbeat.event;

/** The nine steps, in the protocol page's names and numbers. */
public enum Step {
  IDENTITY(1, "Identity"), APPROVAL_FOLLOW_UP(2, "Approval Follow-up"), GET_ASSIGNMENTS(3,
      "Get Assignments"), PICK_WORK(4, "Pick Work"), CHECKOUT(5, "Checkout"), UNDERSTAND_CONTEXT(6,
          "Understand Context"), DO_THE_WORK(7,
              "Do the Work"), UPDATE_STATUS(8, "Update Status"), DELEGATE(9, "Delegate");

  private final int number;
  private final String title;

  Step(int number, String title) {
    this.number = number;
    this.title = title;
  }

  public int number() {
    return number;
  }

  public String title() {
    return title;
  }
}
