using System.Collections.Concurrent;

namespace Portico.ControlPlane.Api.Mcp;

/// <summary>The workspace that each user's clients selected last. It is forgotten when the server stops, like their sessions.</summary>
internal sealed class SelectedWorkspaces
{
    private readonly ConcurrentDictionary<string, string> _byUser = new(StringComparer.Ordinal);

    public string? Of(string user) => _byUser.GetValueOrDefault(user);

    public void Set(string user, string workspace) => _byUser[user] = workspace;
}
