// The transactions' tables with a fault planted in one of them. A program that links this library has it in
// the place of core/transaction/tables.cc: every transaction layer in it steps through these.
#ifndef SANSIP_TESTS_SIM_FAULTS_PLANTED_TABLES_H_
#define SANSIP_TESTS_SIM_FAULTS_PLANTED_TABLES_H_

#include "sansip/core/transaction/arrow_table.h"

namespace sansip::sim {

// In the place of its machine's; what it views must outlive it. Not while anything runs.
void Plant(const ArrowTable& table);
void PlantNothing();

// The shipped table, whatever is planted.
const ArrowTable& ShippedTable(Machine machine);

}  // namespace sansip::sim

#endif  // SANSIP_TESTS_SIM_FAULTS_PLANTED_TABLES_H_
