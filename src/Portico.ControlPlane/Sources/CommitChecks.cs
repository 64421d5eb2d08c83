namespace Portico.ControlPlane.Sources;

public enum ChecksState
{
    Passed,

    /// <summary>Some run yet, none has been reported so far, or there was no answer: it is asked again.</summary>
    Pending,
    Failed,

    /// <summary>Nobody can be asked.</summary>
    Unknown,
}

/// <param name="Text">For a person.</param>
public sealed record CommitChecks(ChecksState State, string Text);
