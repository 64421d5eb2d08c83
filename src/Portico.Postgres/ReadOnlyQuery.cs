using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;
using Portico.Core.DataStores;

namespace Portico.Postgres;

/// <summary>Runs a query for a user who may read the whole database.</summary>
internal static class ReadOnlyQuery
{
    private const int TimeoutSeconds = 30;
    private const int MostBytes = 1 << 20;

    /// <inheritdoc cref="QueryPostgres" />
    /// <remarks>It prevents mistakes, not attacks: a user who may send queries can also read the password.</remarks>
    public static async Task<string> RunAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(SettingsFor(new Uri(connectionString)).ToString());
            await connection.OpenAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var command = new NpgsqlCommand(sql, connection, transaction) { AllResultTypesAreUnknown = true };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await ReadAsync(reader, cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or UriFormatException)
        {
            throw new QueryException(exception.Message, exception);
        }
    }

    private static NpgsqlConnectionStringBuilder SettingsFor(Uri address)
    {
        var login = address.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = address.Host,
            Port = address.Port,
            Username = Uri.UnescapeDataString(login[0]),
            Password = Uri.UnescapeDataString(login[^1]),
            Database = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/')),
            Pooling = false,
            Options = $"-c default_transaction_read_only=on -c statement_timeout={TimeoutSeconds}s",
        };
    }

    private static async Task<string> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            while (await reader.ReadAsync(cancellationToken))
            {
                if (json.BytesCommitted + json.BytesPending > MostBytes)
                    throw new QueryException($"The result is larger than {MostBytes >> 20} MB. Reduce it, for example with LIMIT.", new InvalidOperationException());
                WriteRow(json, reader);
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteRow(Utf8JsonWriter json, NpgsqlDataReader reader)
    {
        json.WriteStartObject();
        for (var column = 0; column < reader.FieldCount; column++)
        {
            json.WritePropertyName(reader.GetName(column));
            WriteValue(json, reader.GetDataTypeName(column), reader.IsDBNull(column) ? null : reader.GetString(column));
        }
        json.WriteEndObject();
    }

    /// <summary>Converts a value: numbers, booleans and JSON to JSON, and everything else to PostgreSQL's text.</summary>
    private static void WriteValue(Utf8JsonWriter json, string type, string? text)
    {
        if (text is null)
            json.WriteNullValue();
        else if (type == "boolean")
            json.WriteBooleanValue(text == "t");
        else if (IsNumber(type, text) || type is "json" or "jsonb")
            json.WriteRawValue(text, skipInputValidation: true);
        else
            json.WriteStringValue(text);
    }

    /// <summary>Whether JSON can represent a number. <c>NaN</c> and <c>Infinity</c> exist only in PostgreSQL.</summary>
    private static bool IsNumber(string type, string text) =>
        (type is "smallint" or "integer" or "bigint" or "real" or "double precision" or "oid" || type.StartsWith("numeric", StringComparison.Ordinal))
        && text[^1] is >= '0' and <= '9';
}
