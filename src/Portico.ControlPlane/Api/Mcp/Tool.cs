namespace Portico.ControlPlane.Api.Mcp;

/// <summary>A tool that clients of the Model Context Protocol can call.</summary>
/// <param name="Run">Runs the tool and returns the text to show to the client.</param>
internal sealed record Tool(
    string Name, string Title, string Description, ToolKind Kind, IReadOnlyList<ToolParameter> Parameters, Func<ToolCall, Task<string>> Run);

internal enum ToolKind
{
    /// <summary>The tool changes nothing.</summary>
    Read,

    /// <summary>The tool creates a resource.</summary>
    Create,

    /// <summary>The tool changes existing resources.</summary>
    Change,
}

/// <summary>A tool call that failed. The message is for the client.</summary>
internal sealed class ToolException(string message) : Exception(message);
