using Microsoft.Data.Sqlite;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Tests.State;

public sealed class HistoryFileTests : IDisposable
{
    private const string First = "CREATE TABLE lines (text TEXT);", Second = "CREATE TABLE marks (text TEXT);";

    private readonly string _folder = Directory.CreateTempSubdirectory("portico-history-").FullName;
    private int _unreadable;

    private string Path => System.IO.Path.Combine(_folder, "made", "history.db");

    [Fact]
    public void An_older_file_is_migrated_and_keeps_its_content()
    {
        using (var old = File(First).OpenToWrite())
            old.Execute("INSERT INTO lines VALUES ('kept')");

        using var connection = File(First, Second).OpenToWrite();

        Assert.Equal(1, connection.Number("SELECT count(*) FROM lines"));
        Assert.Equal(0, connection.Number("SELECT count(*) FROM marks"));
        Assert.Equal(2, connection.Number("PRAGMA user_version"));
        Assert.Equal(0, _unreadable);
    }

    [Fact]
    public void A_file_of_a_newer_version_is_set_aside()
    {
        using (File(First, Second).OpenToWrite())
        {
        }

        using var connection = File(First).OpenToWrite();

        Assert.Equal(1, connection.Number("PRAGMA user_version"));
        Assert.Equal(1, _unreadable);
        Assert.True(System.IO.File.Exists(Path + ".unreadable"));
    }

    [Fact]
    public void A_file_that_is_not_a_database_is_set_aside()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        System.IO.File.WriteAllText(Path, new string('x', 4096));

        using var connection = File(First).OpenToWrite();

        Assert.Equal(0, connection.Number("SELECT count(*) FROM lines"));
        Assert.Equal(1, _unreadable);
        Assert.StartsWith("xxx", System.IO.File.ReadAllText(Path + ".unreadable"), StringComparison.Ordinal);
    }

    [Fact]
    public void Readers_cannot_write()
    {
        var file = File(First);
        using var writer = file.OpenToWrite();
        using var reader = file.OpenToRead();

        Assert.Throws<SqliteException>(() => reader.Execute("INSERT INTO lines VALUES ('no')"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private HistoryFile File(params string[] migrations) =>
        new(Path, migrations, "PRAGMA journal_mode = WAL;", "PRAGMA query_only = 1;", _ => _unreadable++);
}
