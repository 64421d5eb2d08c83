using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>
/// A platform's database as it is at the first start. All migrations take longer than most tests: they run once, and each
/// platform starts on a copy. That they are right is what the tests of migrations are for.
/// </summary>
internal static class NewDatabase
{
    private static readonly SemaphoreSlim Turn = new(1);
    private static byte[]? _content;

    /// <param name="services">A platform without a database; the first one makes what the others copy.</param>
    public static async Task CreateAsync(IServiceProvider services, string file, CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken);
        try
        {
            if (_content is null)
            {
                await StateSetup.MigrateAsync(services, cancellationToken);
                _content = await ReadAsync(services, file, cancellationToken);
                return;
            }
        }
        finally
        {
            Turn.Release();
        }
        await File.WriteAllBytesAsync(file, _content, cancellationToken);
    }

    private static async Task<byte[]> ReadAsync(IServiceProvider services, string file, CancellationToken cancellationToken)
    {
        var databases = services.GetRequiredService<IDbContextFactory<PorticoDb>>();
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
            await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancellationToken);
        return await File.ReadAllBytesAsync(file, cancellationToken);
    }
}
