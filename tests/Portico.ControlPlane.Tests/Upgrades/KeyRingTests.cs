using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.ControlPlane.Tests.Upgrades;

/// <summary>Keys on disk, and what is encrypted with them.</summary>
public sealed class KeyRingTests : IAsyncLifetime
{
    private readonly PlatformPaths _paths = new(Directory.CreateTempSubdirectory("portico-keys-").FullName);
    private SimPlatform _platform = null!;
    private PorticoDb _db = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Key => Assert.Single(Directory.GetFiles(_paths.DataProtectionKeys));

    public async ValueTask InitializeAsync()
    {
        _platform = await SimPlatform.StartAsync(Token);
        _db = await _platform.OpenAsync(Token);
        var secret = DataProtectionProvider.Create(Directory.CreateDirectory(_paths.DataProtectionKeys)).CreateProtector("test").Protect("hunter2");
        await _db.Database.ExecuteSqlRawAsync(
            "INSERT INTO RegistryCredentials (Id, WorkspaceId, Name, Registry, Username, AuthToken, CreatedAt, UpdatedAt, Version) VALUES ('rgc-1', 'tea-1', 'hub', 0, 'ada', {0}, 0, 0, 0)",
            [secret], Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        await _platform.DisposeAsync();
        Directory.Delete(_paths.Home, recursive: true);
    }

    [Fact]
    public Task Keys_that_are_there_are_enough() => KeyRing.VerifyAsync(_db, _paths, Token);

    [Fact]
    public Task Key_that_is_gone_is_named() => LosesAsync(File.Delete);

    [Fact]
    public Task Key_of_which_a_loss_of_power_left_nothing_is_gone() => LosesAsync(path => File.WriteAllText(path, ""));

    [Fact]
    public async Task Without_secrets_no_key_is_needed()
    {
        File.Delete(Key);
        await _db.RegistryCredentials.ExecuteDeleteAsync(Token);
        await KeyRing.VerifyAsync(_db, _paths, Token);
    }

    private async Task LosesAsync(Action<string> lose)
    {
        var key = Key;
        lose(key);
        var error = await Assert.ThrowsAsync<KeyRingException>(() => KeyRing.VerifyAsync(_db, _paths, Token));
        Assert.Contains(Path.GetFileName(key), error.Message, StringComparison.Ordinal);
        Assert.Contains(_paths.DataProtectionKeys, error.Message, StringComparison.Ordinal);
    }
}
