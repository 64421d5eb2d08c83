namespace Portico.ControlPlane.Api.Mcp;

/// <summary>Something that a client of the Model Context Protocol may ask for.</summary>
/// <param name="Run">Returns what the client is shown.</param>
internal sealed record Tool(
    string Name, string Title, string Description, ToolKind Kind, IReadOnlyList<ToolParameter> Parameters, Func<ToolCall, Task<string>> Run);

internal enum ToolKind
{
    /// <summary>Changes nothing.</summary>
    Read,

    /// <summary>Adds something.</summary>
    Create,

    /// <summary>Changes what there is.</summary>
    Change,
}

/// <summary>A call that cannot be done as asked; the message is for the client.</summary>
internal sealed class ToolException(string message) : Exception(message);
