using Portico.ControlPlane.Api.Mcp;

namespace Portico.ControlPlane.Tests.Mcp;

public sealed class SelectedWorkspacesTests
{
    [Fact]
    public void The_oldest_selections_are_forgotten_when_there_are_too_many()
    {
        var selected = new SelectedWorkspaces(most: 2);

        selected.Set("usr-a", "tea-1");
        selected.Set("usr-b", "tea-2");
        selected.Set("usr-a", "tea-3");
        selected.Set("usr-c", "tea-4");

        Assert.Equal(("tea-3", null, "tea-4"), (selected.Of("usr-a"), selected.Of("usr-b"), selected.Of("usr-c")));
    }
}
