using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Portico.ControlPlane.Api;

namespace Portico.ControlPlane.Tests.Api;

public sealed class FullDiskTests
{
    [Fact]
    public async Task A_database_that_cannot_grow_is_told_as_a_full_disk()
    {
        await using var database = new SqliteConnection("Data Source=:memory:");
        await database.OpenAsync(TestContext.Current.CancellationToken);
        await using var fill = database.CreateCommand();
        fill.CommandText = "CREATE TABLE t (x); PRAGMA max_page_count = 2";
        await fill.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        fill.CommandText = "INSERT INTO t VALUES (zeroblob(1000000))";
        var full = await Assert.ThrowsAsync<SqliteException>(() => fill.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));

        Assert.Equal(507, (await AnswerAsync(new DbUpdateException("saving", full))).Status);
    }

    [Fact]
    public async Task A_file_that_cannot_grow_is_told_as_a_full_disk()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This machine has no /dev/full.");
        var full = await Assert.ThrowsAsync<IOException>(
            () => File.WriteAllTextAsync("/dev/full", "text", TestContext.Current.CancellationToken));

        var (status, text) = await AnswerAsync(full);

        Assert.Equal(507, status);
        Assert.Contains("disk of this machine is full", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_failure_to_write_is_none() =>
        Assert.Equal(500, (await AnswerAsync(new IOException("broken"))).Status);

    private static async Task<(int Status, string Text)> AnswerAsync(Exception exception)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };
        Assert.True(await new ApiErrors(NullLogger<ApiErrors>.Instance).TryHandleAsync(context, exception, TestContext.Current.CancellationToken));
        return (context.Response.StatusCode, Encoding.UTF8.GetString(body.ToArray()));
    }
}
