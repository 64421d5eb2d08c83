namespace Portico.ControlPlane.Deploys;

/// <summary>The result of one action of a deploy.</summary>
/// <param name="Problem">Set if the deploy cannot continue.</param>
internal sealed record ActionOutcome(bool IsDone, (string Step, string Message)? Problem)
{
    /// <summary>The action is complete; the next observation sees its result.</summary>
    public static ActionOutcome Done { get; } = new(true, null);

    /// <summary>The action continues in the background; a signal will follow.</summary>
    public static ActionOutcome Underway { get; } = new(false, null);

    public static ActionOutcome Failed(string step, string message) => new(false, (step, message));
}
