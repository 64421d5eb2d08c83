using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portico.ControlPlane.State.Migrations
{
    /// <inheritdoc />
    public partial class AddPrivateNetwork : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "NetworkNumber",
                table: "Workspaces",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "AddressNumber",
                table: "Services",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "IpAllowList",
                table: "Environments",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "NetworkNumber",
                table: "Environments",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "InPrivateNetwork",
                table: "Deploys",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "AddressNumber",
                table: "DataStores",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Workspaces_NetworkNumber",
                table: "Workspaces",
                column: "NetworkNumber",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Services_AddressNumber",
                table: "Services",
                column: "AddressNumber",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Environments_NetworkNumber",
                table: "Environments",
                column: "NetworkNumber",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DataStores_AddressNumber",
                table: "DataStores",
                column: "AddressNumber",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Workspaces_NetworkNumber",
                table: "Workspaces");

            migrationBuilder.DropIndex(
                name: "IX_Services_AddressNumber",
                table: "Services");

            migrationBuilder.DropIndex(
                name: "IX_Environments_NetworkNumber",
                table: "Environments");

            migrationBuilder.DropIndex(
                name: "IX_DataStores_AddressNumber",
                table: "DataStores");

            migrationBuilder.DropColumn(
                name: "NetworkNumber",
                table: "Workspaces");

            migrationBuilder.DropColumn(
                name: "AddressNumber",
                table: "Services");

            migrationBuilder.DropColumn(
                name: "IpAllowList",
                table: "Environments");

            migrationBuilder.DropColumn(
                name: "NetworkNumber",
                table: "Environments");

            migrationBuilder.DropColumn(
                name: "InPrivateNetwork",
                table: "Deploys");

            migrationBuilder.DropColumn(
                name: "AddressNumber",
                table: "DataStores");
        }
    }
}
