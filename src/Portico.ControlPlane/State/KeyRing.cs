using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Portico.Api.Contracts.Platform;

namespace Portico.ControlPlane.State;

/// <summary>
/// Verifies the keys that secrets are encrypted with. If one is missing, the framework would silently create another, and
/// every secret would fail separately later; so this check runs before anything is encrypted.
/// </summary>
internal static class KeyRing
{
    /// <summary>The prefix of all encrypted values. The id of the key follows it.</summary>
    private const string Beginning = "CfDJ8";
    private const int MagicBytes = 4, GuidBytes = 16, HeaderLetters = 28;

    /// <exception cref="KeyRingException">A key is missing that something is encrypted with.</exception>
    public static async Task VerifyAsync(IServiceProvider services, PlatformPaths paths, CancellationToken cancellationToken)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<PorticoDb>>().CreateDbContextAsync(cancellationToken);
        await VerifyAsync(db, paths, cancellationToken);
    }

    internal static async Task VerifyAsync(PorticoDb db, PlatformPaths paths, CancellationToken cancellationToken)
    {
        var used = new HashSet<Guid>();
        foreach (var (table, column) in Encrypted(db.Model))
            foreach (var header in await HeadersAsync(db, table, column, cancellationToken))
                if (KeyOf(header) is { } key)
                    used.Add(key);
        var missing = used.Where(key => !IsWhole(Path.Combine(paths.DataProtectionKeys, $"key-{key:D}.xml"), key)).Order().ToList();
        if (missing.Count > 0)
            throw new KeyRingException(
                $"Secrets in {paths.Database} are encrypted with {(missing.Count == 1 ? "a key that is" : "keys that are")} not in {paths.DataProtectionKeys}: "
                + $"{string.Join(", ", missing.Select(key => $"key-{key:D}.xml"))}. Restore that directory from a backup, then start Portico again. "
                + "Without it, environment variables, secret files and the passwords of data stores can't be decrypted. Nothing was changed.");
    }

    private static IEnumerable<(string Table, string Column)> Encrypted(IModel model) =>
        from entity in model.GetEntityTypes()
        where entity.GetTableName() is not null
        from property in entity.GetProperties()
        where property.GetValueConverter()?.ProviderClrType == typeof(string)
        select (entity.GetTableName()!, property.GetColumnName());

    /// <summary>Reads the key ids of encrypted values. Table names come from the model. A value that is not encrypted begins as JSON does.</summary>
    private static Task<List<string>> HeadersAsync(PorticoDb db, string table, string column, CancellationToken cancellationToken)
    {
        var sql = $"SELECT DISTINCT substr(\"{column}\", 1, {HeaderLetters}) AS Value FROM \"{table}\" WHERE substr(\"{column}\", 1, {Beginning.Length}) = '{Beginning}'";
        return db.Database.SqlQueryRaw<string>(sql).ToListAsync(cancellationToken);
    }

    private static Guid? KeyOf(string header)
    {
        var bytes = new byte[HeaderLetters * 3 / 4];
        return header.Length == HeaderLetters && Convert.TryFromBase64String(header.Replace('-', '+').Replace('_', '/'), bytes, out _)
            ? new Guid(bytes.AsSpan(MagicBytes, GuidBytes))
            : null;
    }

    /// <summary>Whether a key file is complete. A power failure may leave an incomplete one.</summary>
    private static bool IsWhole(string file, Guid key)
    {
        if (!File.Exists(file))
            return false;
        var text = File.ReadAllText(file);
        return text.Contains($"id=\"{key:D}\"", StringComparison.OrdinalIgnoreCase) && text.Contains("</key>", StringComparison.Ordinal);
    }
}

/// <summary>Secrets cannot be decrypted. The message names the missing keys and what to do.</summary>
internal sealed class KeyRingException(string message) : Exception(message);
