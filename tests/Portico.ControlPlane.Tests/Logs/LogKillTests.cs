using System.Text.Json;
using Portico.ControlPlane.Logs;
using Portico.Core.Routing;
using Portico.Testing;
using static Portico.ControlPlane.Tests.Logs.Sample;

namespace Portico.ControlPlane.Tests.Logs;

public sealed class LogKillTests : IDisposable
{
    private readonly LogFolder _folder = new();
    private int _written;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_again_and_again_nothing_is_lost_or_doubled()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Folder, "requests"));
        for (var life = 0; life < 5; life++)
        {
            Write(life, 20_000);
            using var process = KilledIngester.Start(_folder.Folder);
            // Killed at some moment while it works: after it has stored something, and mostly before it has stored all.
            var enough = Count() + 1 + (life * 4000);
            await Eventually.TrueAsync(() => Count() >= enough, "some lines are stored");
            process.Kill();
            await process.WaitForExitAsync(Token);
        }
        using var store = _folder.Open();
        var ingester = KilledIngester.Create(_folder.Folder, store);
        while (await ingester.PassAsync(Token))
            Token.ThrowIfCancellationRequested();
        var found = new LogSearch(store, TimeProvider.System).Find(Filter(), Always, LogOrder.OldestFirst, int.MaxValue, Token);
        Assert.Equal(Enumerable.Range(0, _written).Select(i => $"/{i}"), found.Logs.Select(line => line.Path));
    }

    private int Count()
    {
        if (!File.Exists(_folder.File))
            return 0;
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_folder.File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = 'lines'";
        if ((long)command.ExecuteScalar()! == 0)
            return 0;
        command.CommandText = "SELECT count(*) FROM lines";
        return (int)(long)command.ExecuteScalar()!;
    }

    private void Write(long segment, int requests)
    {
        var text = string.Concat(Enumerable.Range(_written, requests).Select(number => JsonSerializer.Serialize(
            new RequestRecord
            {
                Time = DateTimeOffset.UnixEpoch,
                ServiceId = "srv-a",
                Host = "a",
                Method = "GET",
                Path = $"/{number}",
                Status = 200,
                DurationMicroseconds = 1,
                BytesIn = 0,
                BytesOut = 0,
                RequestId = "r",
                Client = "127.0.0.1",
            }, RoutingJson.Default.RequestRecord) + "\n"));
        File.AppendAllText(Path.Combine(_folder.Folder, "requests", EdgeSegments.FileName(segment)), text);
        _written += requests;
    }
}
