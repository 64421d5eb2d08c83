namespace Portico.ControlPlane.Logs;

/// <summary>A line on its way into the store.</summary>
/// <param name="At">When it was written, as far as is known; the store keeps lines in the order in which they come.</param>
public readonly record struct NewLog(LogTime At, LogLabels Labels, string Message, string? Path = null);

/// <summary>A line as it is stored.</summary>
public sealed record StoredLog(LogTime Time, LogLabels Labels, string Message, string? Path);

/// <summary>A set of labels and the number under which it is stored.</summary>
internal sealed record LogStream(long Id, LogLabels Labels);
