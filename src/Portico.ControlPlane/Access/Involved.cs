namespace Portico.ControlPlane.Access;

/// <summary>The workspaces that a request had to do with: what was done is told in each of them.</summary>
public sealed class Involved
{
    private readonly HashSet<string> _workspaces = [];

    public IReadOnlyCollection<string> Workspaces => _workspaces;

    public void Add(string workspace) => _workspaces.Add(workspace);
}
