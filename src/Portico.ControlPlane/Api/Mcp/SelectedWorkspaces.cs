namespace Portico.ControlPlane.Api.Mcp;

/// <summary>Remembers the workspace that each user's clients selected last, until the server stops, like their sessions.</summary>
/// <remarks>It is bounded. The user whose selection is the oldest has to select a workspace again.</remarks>
internal sealed class SelectedWorkspaces(int most = SelectedWorkspaces.Most)
{
    private const int Most = 1000;

    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, string> _byUser = new(StringComparer.Ordinal);

    public string? Of(string user)
    {
        lock (_lock)
            return _byUser.GetValueOrDefault(user);
    }

    public void Set(string user, string workspace)
    {
        lock (_lock)
        {
            _byUser.Remove(user);
            if (_byUser.Count >= most)
                _byUser.RemoveAt(0);
            _byUser.Add(user, workspace);
        }
    }
}
