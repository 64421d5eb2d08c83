namespace Portico.ControlPlane.Deploys;

/// <summary>What one action of a deploy came to.</summary>
/// <param name="Problem">Set when the deploy cannot go on.</param>
public sealed record ActionOutcome(bool IsDone, (string Step, string Message)? Problem)
{
    /// <summary>The next look will see the result.</summary>
    public static ActionOutcome Done { get; } = new(true, null);

    /// <summary>It goes on in the background; a signal will come.</summary>
    public static ActionOutcome Underway { get; } = new(false, null);

    public static ActionOutcome Failed(string step, string message) => new(false, (step, message));
}
