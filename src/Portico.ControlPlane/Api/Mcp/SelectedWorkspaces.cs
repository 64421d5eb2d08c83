using System.Collections.Concurrent;

namespace Portico.ControlPlane.Api.Mcp;

/// <summary>Which workspace a user's clients chose last; like their sessions, gone when the server ends.</summary>
internal sealed class SelectedWorkspaces
{
    private readonly ConcurrentDictionary<string, string> _byUser = new(StringComparer.Ordinal);

    public string? Of(string user) => _byUser.GetValueOrDefault(user);

    public void Set(string user, string workspace) => _byUser[user] = workspace;
}
