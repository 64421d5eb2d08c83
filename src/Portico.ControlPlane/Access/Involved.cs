namespace Portico.ControlPlane.Access;

/// <summary>What a request had to do with: the audit log tells it in each of the workspaces.</summary>
public sealed class Involved
{
    private readonly HashSet<string> _workspaces = [];

    public IReadOnlyCollection<string> Workspaces => _workspaces;

    /// <summary>What was made, which no path names.</summary>
    public string? Resource { get; set; }

    public void Add(string workspace) => _workspaces.Add(workspace);
}
