namespace Portico.ControlPlane.Sources;

internal enum ChecksState
{
    Passed,

    /// <summary>Checks are running, none has been reported yet, or there was no response. They are read again later.</summary>
    Pending,
    Failed,

    /// <summary>The checks cannot be read.</summary>
    Unknown,
}

/// <param name="Text">A text for users.</param>
internal sealed record CommitChecks(ChecksState State, string Text);
