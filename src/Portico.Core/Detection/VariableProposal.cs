namespace Portico.Core.Detection;

/// <summary>Where the value of a proposed variable comes from.</summary>
public enum VariableSource
{
    /// <summary>It is <see cref="VariableProposal.Value"/>.</summary>
    Literal,

    /// <summary>It is generated once and kept.</summary>
    Generated,

    /// <summary>The user is prompted for it once.</summary>
    Prompted,

    /// <summary>It is the connection string of a database of the service's own.</summary>
    Database,
}

/// <summary>A variable without which the app does not start or does not work.</summary>
/// <param name="Value">The value of a literal; otherwise null.</param>
/// <param name="Reason">As in <see cref="Guess"/>.</param>
public sealed record VariableProposal(string Key, VariableSource Source, string? Value, string Reason);
