using Portico.ControlPlane.Platform;

namespace Portico.ControlPlane.Tests.Platform;

/// <summary>A server notices that its home is gone, and nothing else makes it believe so.</summary>
public sealed class HomeLockTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("portico-home-").FullName;
    private readonly FileStream _file;
    private readonly HomeLock _lock;

    public HomeLockTests()
    {
        Directory.CreateDirectory(Path.Combine(Home, "run"));
        File.WriteAllText(Database, "");
        _file = new FileStream(Path.Combine(Home, "run", "held"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        _lock = new HomeLock(_file, Database);
    }

    private string Home => Path.Combine(_root, "home");

    private string Database => Path.Combine(Home, "portico.db");

    public void Dispose()
    {
        _file.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public void A_home_that_is_there_is_not_gone() => Assert.False(_lock.IsHomeGone());

    [Fact]
    public void A_home_that_was_removed_is_gone()
    {
        Directory.Delete(Home, recursive: true);
        Assert.True(_lock.IsHomeGone());
    }

    [Fact]
    public void A_home_that_was_moved_is_gone()
    {
        Directory.Move(Home, Home + "-moved");
        Assert.True(_lock.IsHomeGone());
    }

    [Fact]
    public void A_home_that_another_server_has_made_anew_is_gone()
    {
        Directory.Delete(Home, recursive: true);
        Directory.CreateDirectory(Path.Combine(Home, "run"));
        File.WriteAllText(Database, "");
        File.WriteAllText(_file.Name, "");
        Assert.True(_lock.IsHomeGone());
    }

    [Fact]
    public void A_lock_file_that_was_tidied_up_alone_stops_nothing()
    {
        File.Delete(_file.Name);
        Assert.False(_lock.IsHomeGone());
    }

    [Fact]
    public void A_database_that_is_missing_alone_stops_nothing()
    {
        File.Delete(Database);
        Assert.False(_lock.IsHomeGone());
    }
}
