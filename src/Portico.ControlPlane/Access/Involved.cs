namespace Portico.ControlPlane.Access;

/// <summary>What a request had to do with: the audit log tells it in each of the workspaces.</summary>
public sealed class Involved
{
    private readonly HashSet<string> _workspaces = [];
    private readonly HashSet<string> _events = [];

    public IReadOnlyCollection<string> Workspaces => _workspaces;

    /// <summary>What was made, which no path names.</summary>
    public string? Resource { get; set; }

    /// <summary>What the change is called, where its endpoint makes several kinds; none: what the endpoint is called.</summary>
    public IReadOnlyCollection<string> Events => _events;

    public void Add(string workspace) => _workspaces.Add(workspace);

    /// <param name="name">Of Render's audit log.</param>
    /// <param name="happens">Whether this request asks for it.</param>
    public void Call(string name, bool happens)
    {
        if (happens)
            _events.Add(name);
    }
}
