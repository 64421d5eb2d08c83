using Portico.Blueprint.Diagnostics;

namespace Portico.Blueprint.Rules;

/// <summary>Why a value is invalid. A rule returns null when it is valid.</summary>
internal sealed record Problem(string Message, string? Suggestion = null, string Code = Codes.InvalidValue)
{
    public static Problem Unsafe(string message, string? suggestion = null) =>
        new(message, suggestion, Codes.UnsafeValue);
}

internal delegate Problem? Rule(string value);
