namespace Portico.ControlPlane.Logs;

/// <summary>A line before it is stored.</summary>
/// <param name="At">The time of the line, as far as it is known. The store keeps lines in the order in which they arrive.</param>
internal readonly record struct NewLog(LogTime At, LogLabels Labels, string Message, string? Path = null);

/// <summary>A stored line.</summary>
internal sealed record StoredLog(LogTime Time, LogLabels Labels, string Message, string? Path);

/// <summary>A set of labels and its number in the store.</summary>
internal sealed record LogStream(long Id, LogLabels Labels);
