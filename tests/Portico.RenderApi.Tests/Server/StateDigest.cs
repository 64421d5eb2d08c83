using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.RenderApi.Tests.Server;

/// <summary>Everything that the platform knows, as text: the same before and after whatever changed nothing.</summary>
internal static class StateDigest
{
    /// <summary>Told even of what was refused.</summary>
    private const string Log = nameof(AuditRow);

    /// <summary>Noted some time after a key was used, whatever it was used for.</summary>
    private const string Use = nameof(ApiKeyRow.LastUsedAt);

    public static async Task<string> OfAsync(SimPlatform platform, CancellationToken cancellationToken)
    {
        await using var db = await platform.OpenAsync(cancellationToken);
        var text = new StringBuilder();
        foreach (var table in db.Model.GetEntityTypes().Where(type => type.ClrType.Name != Log).Select(type => type.GetTableName()!).Distinct().Order(StringComparer.Ordinal))
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"SELECT * FROM \"{table}\"";
            await db.Database.OpenConnectionAsync(cancellationToken);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                text.AppendLine(CultureInfo.InvariantCulture, $"{table}: {string.Join('|', Enumerable.Range(0, reader.FieldCount).Where(i => reader.GetName(i) != Use).Select(i => Text(reader.GetValue(i))))}");
        }
        return text.ToString();
    }

    private static string Text(object value) => value is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
